import type { MapLayout, Point } from './map-layout.ts';

/** What part of the map is seen: `zoom` times enlarged, `x` and `y` the upper left corner in enlarged pixels. */
export interface Camera {
  readonly zoom: number;
  readonly x: number;
  readonly y: number;
}

export const WHOLE: Camera = { zoom: 1, x: 0, y: 0 };
export const ZOOM_STEP = 1.5;
/** From all to one: a single cell fills a good part of the map. */
const LARGEST_CELL = 220;

export const maxZoom = (layout: MapLayout): number => Math.max(1, LARGEST_CELL / layout.pitch);

interface Room {
  readonly width: number;
  readonly height: number;
}

const clampTo = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), Math.max(low, high));

/** Keeps the map in sight. */
export function clampCamera(camera: Camera, layout: MapLayout, room: Room): Camera {
  const zoom = clampTo(camera.zoom, 1, maxZoom(layout));
  return {
    zoom,
    x: clampTo(camera.x, 0, layout.width * zoom - room.width),
    y: clampTo(camera.y, 0, layout.height * zoom - room.height),
  };
}

/** Zooms so that what is under the point stays under it. */
export function zoomAt(camera: Camera, point: Point, factor: number, layout: MapLayout): Camera {
  const zoom = clampTo(camera.zoom * factor, 1, maxZoom(layout));
  const scale = zoom / camera.zoom;
  return { zoom, x: (camera.x + point.x) * scale - point.x, y: (camera.y + point.y) * scale - point.y };
}

export const toMap = (camera: Camera, point: Point): Point => ({
  x: (point.x + camera.x) / camera.zoom,
  y: (point.y + camera.y) / camera.zoom,
});
export const toScreen = (camera: Camera, point: Point): Point => ({
  x: point.x * camera.zoom - camera.x,
  y: point.y * camera.zoom - camera.y,
});

/** The camera moved as little as needed to show a cell. */
export function reveal(camera: Camera, cell: Point, side: number, room: Room): Camera {
  const at = toScreen(camera, cell);
  const size = side * camera.zoom;
  const shift = (position: number, length: number): number => (position < 0 ? position : Math.max(0, position + size - length));
  return { ...camera, x: camera.x + shift(at.x, room.width), y: camera.y + shift(at.y, room.height) };
}
