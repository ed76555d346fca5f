import type { Segment, Site } from './edge.ts';
import { hashOf, pickOf, shareOf } from './random.ts';

/**
 * Where the edges are. Of a hundred: some eighty shops in four regions, eight ships, ten cell sites in rings, two hospitals.
 * All places are made up; streets and ships carry names of things, never of people.
 */
const REGIONS = ['north', 'south', 'east', 'west'] as const;
const ZONES: Readonly<Record<(typeof REGIONS)[number], string>> = {
  north: 'Europe/Oslo',
  south: 'Europe/Lisbon',
  east: 'Europe/Warsaw',
  west: 'Europe/Dublin',
};
const SEA_ZONES = ['Atlantic/Azores', 'UTC', 'America/Halifax', 'Asia/Singapore'] as const;
const STREETS = [
  'Harbour Street',
  'Mill Lane',
  'Station Road',
  'Market Square',
  'Bridge Street',
  'Canal Walk',
  'Orchard Road',
  'Quarry Hill',
  'Lighthouse Way',
  'Foundry Yard',
  'Old Post Road',
  'Chestnut Avenue',
  'Ferry Terminal',
  'Ropewalk',
  'Tannery Court',
  'Granary Row',
  'North Gate',
  'Riverside Parade',
  'Saltmarket',
  'Weavers Corner',
  'Observatory Lane',
  'Birch Grove',
  'Dockside',
  'Corn Exchange',
  'Tramway Crescent',
  'Copper Street',
  'Windmill Rise',
  'Abbey Fields',
  'Fishmarket',
  'Glassworks',
] as const;
const SHIP_FIRST = [
  'Northern',
  'Southern',
  'Silver',
  'Amber',
  'Polar',
  'Coral',
  'Granite',
  'Morning',
  'Evening',
  'Distant',
  'Quiet',
  'Bright',
] as const;
const SHIP_LAST = [
  'Lantern',
  'Tern',
  'Horizon',
  'Compass',
  'Heron',
  'Anchor',
  'Meridian',
  'Beacon',
  'Petrel',
  'Current',
  'Sounding',
  'Passage',
] as const;
const HILLS = [
  'Ridge Hill',
  'Pine Top',
  'Water Tower',
  'Grain Silo',
  'East Quay',
  'Ring Road',
  'Stadium Roof',
  'Valley View',
  'Airport Fence',
  'Old Mine',
] as const;
const HOSPITALS = [
  'Lakeside Hospital',
  'Riverbank Hospital',
  'Meadow Park Hospital',
  'Harbour View Hospital',
  'Highland Clinic',
  'Forest Edge Clinic',
] as const;

/** Versions in the field with their share, newest last. */
const VERSIONS: readonly (readonly [line: string, share: number])[] = [
  ['2.10', 0.04],
  ['2.14', 0.14],
  ['3.0', 0.1],
  ['3.2', 0.18],
  ['3.3', 0.14],
  ['3.4', 0.22],
  ['3.5', 0.18],
];

function lineOf(seed: number, index: number): string {
  let left = shareOf(seed, 'argocd', index);
  for (const [line, share] of VERSIONS) {
    left -= share;
    if (left < 0) return line;
  }
  return '3.5';
}

function segmentOf(index: number): Segment {
  const place = index % 50;
  if (place === 7) return 'hospital';
  if (place % 12 === 5) return 'ship';
  if (place % 10 === 3) return 'cell';
  return place % 6 === 4 ? 'hypermarket' : 'store';
}

const digits = (index: number): string => String(index).padStart(4, '0');
const ringOf = (seed: number, index: number): string => {
  const share = shareOf(seed, 'ring', index);
  if (share < 0.02) return '0';
  return share < 0.12 ? '1' : share < 0.4 ? '2' : '3';
};

function retailSite(seed: number, index: number, format: 'express' | 'hyper'): Omit<Site, 'argocd'> {
  const region = REGIONS[hashOf(seed, 'region', index) % 4] ?? 'north';
  return {
    name: `store-${digits(index)}`,
    displayName: `${format === 'hyper' ? 'Hypermarket' : 'Store'} ${index}, ${pickOf(STREETS, seed, 'street', index)}`,
    labels: { segment: 'retail', region, format, ring: ringOf(seed, index), env: index % 97 === 0 ? 'lab' : 'production' },
    timeZone: ZONES[region],
    segment: format === 'hyper' ? 'hypermarket' : 'store',
    connector: `retail-${region}`,
    reach: 'cloudflare',
  };
}

function shipSite(seed: number, index: number): Omit<Site, 'argocd'> {
  const name = `${pickOf(SHIP_FIRST, seed, 'ship', index)} ${pickOf(SHIP_LAST, seed, 'ship-of', index)}`;
  const region = REGIONS[hashOf(seed, 'home-port', index) % 4] ?? 'west';
  return {
    name: `ship-${digits(index)}`,
    displayName: `MS ${name} (${index})`,
    labels: {
      segment: 'ships',
      region,
      format: hashOf(seed, 'ferry', index) % 2 === 0 ? 'ferry' : 'cargo',
      ring: ringOf(seed, index),
      env: 'production',
    },
    timeZone: pickOf(SEA_ZONES, seed, 'sea', index),
    segment: 'ship',
    connector: 'ships',
    reach: 'cloudflare',
  };
}

function cellSite(seed: number, index: number): Omit<Site, 'argocd'> {
  const region = REGIONS[hashOf(seed, 'cell', index) % 4] ?? 'east';
  return {
    name: `cell-${digits(index)}`,
    displayName: `Cell site ${index}, ${pickOf(HILLS, seed, 'hill', index)}`,
    labels: { segment: 'telecom', region, format: index % 3 === 0 ? 'macro' : 'street', ring: ringOf(seed, index), env: 'production' },
    timeZone: ZONES[region],
    segment: 'cell',
    connector: 'telecom',
    reach: 'direct',
  };
}

function hospitalSite(seed: number, index: number): Omit<Site, 'argocd'> {
  const region = REGIONS[hashOf(seed, 'hospital', index) % 4] ?? 'south';
  return {
    name: `hospital-${digits(index)}`,
    displayName: `${pickOf(HOSPITALS, seed, 'house', index)}, building ${1 + (index % 9)}`,
    labels: { segment: 'health', region, format: 'campus', ring: ringOf(seed, index), env: 'production' },
    timeZone: ZONES[region],
    segment: 'hospital',
    connector: 'hospitals',
    reach: 'direct',
  };
}

/** The site of edge number `index` (from 1): the same for a seed whatever the size of the fleet. */
export function siteOf(seed: number, index: number): Site {
  const segment = segmentOf(index);
  const argocd = lineOf(seed, index);
  switch (segment) {
    case 'ship':
      return { ...shipSite(seed, index), argocd };
    case 'cell':
      return { ...cellSite(seed, index), argocd };
    case 'hospital':
      return { ...hospitalSite(seed, index), argocd };
    case 'store':
      return { ...retailSite(seed, index, 'express'), argocd };
    case 'hypermarket':
      return { ...retailSite(seed, index, 'hyper'), argocd };
  }
}
