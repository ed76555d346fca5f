/**
 * The few calls of moment that argo-ui's Duration makes. The bundler puts this in moment's place: the real one, with its
 * languages, is larger than everything else together.
 */
const UNIT_MS = { days: 86_400_000, hours: 3_600_000 };

const at = (ms) => ({
  valueOf: () => ms,
  diff: (other, unit) => (unit === undefined ? ms - other.valueOf() : Math.trunc((ms - other.valueOf()) / UNIT_MS[unit])),
});

const moment = { utc: at };
moment.duration = (ms) => ({
  hours: () => Math.floor(ms / 3_600_000) % 24,
  minutes: () => Math.floor(ms / 60_000) % 60,
  seconds: () => Math.floor(ms / 1_000) % 60,
});

module.exports = moment;
