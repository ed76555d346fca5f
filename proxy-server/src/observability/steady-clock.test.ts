import { expect, test } from '@jest/globals';
import { createSteadyClock } from './steady-clock.ts';

const HOUR = 3_600_000;

function clockUnderTest() {
  let wall = 10 * HOUR;
  let sinceStart = 0;
  const clock = createSteadyClock(
    () => wall,
    () => sinceStart,
  );
  const pass = (ms: number): number => {
    wall += ms;
    sinceStart += ms;
    return clock.now();
  };
  const set = (ms: number): number => {
    wall += ms;
    return clock.now();
  };
  return { pass, set };
}

test('it is the clock of the machine', () => {
  const { pass } = clockUnderTest();
  expect([pass(0), pass(1_000), pass(HOUR)]).toEqual([10 * HOUR, 10 * HOUR + 1_000, 11 * HOUR + 1_000]);
});

test('it follows one that is set forward', () => {
  const { set, pass } = clockUnderTest();
  expect([set(HOUR), pass(1_000)]).toEqual([11 * HOUR, 11 * HOUR + 1_000]);
});

test('it never goes back: one that is set back is awaited at half its pace, and then followed again', () => {
  const { set, pass } = clockUnderTest();
  expect(set(-HOUR)).toBe(10 * HOUR);
  expect(pass(1_000)).toBe(10 * HOUR + 500);
  expect(pass(HOUR)).toBe(10 * HOUR + 500 + HOUR / 2);
  expect(pass(HOUR)).toBe(11 * HOUR + 1_000);
  expect(pass(1_000)).toBe(11 * HOUR + 2_000);
});
