import { describe, expect, test } from '@jest/globals';
import { sizesWithin, toGrowthTable } from './growth.ts';

describe('the sizes of the growth curve', () => {
  test.each<[openFiles: number | undefined, sizes: readonly number[]]>([
    [1_024, [100, 300, 500]],
    [20_000, [100, 300, 1_000, 3_000, 10_000, 19_000]],
    [1_048_576, [100, 300, 1_000, 3_000, 10_000, 20_000, 30_000]],
    [undefined, [100, 300, 1_000, 3_000, 10_000]],
  ])('with %p open files end at the last that fits', (openFiles, sizes) => {
    expect(sizesWithin(openFiles)).toEqual(sizes);
  });
});

test('a point of the curve is a line, blank where the machine does not tell', () => {
  const point = { edges: 10_000, applications: 200_000, fanOutSeconds: 9, coldSeconds: 8.25, warmSeconds: 2, overviewKb: 36 };
  const [, line] = toGrowthTable([{ ...point, coldCpuSeconds: undefined, residentMb: undefined }]).split('\n');
  expect(line).toMatch(/^10,000 +200,000 +9\.0 +8\.[23] +2\.0 +36\.0$/);
});
