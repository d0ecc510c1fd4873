// The shared formats, bound to one page: the office's time zone and the page's own sentences.
import { clock, day, dayInWords, dong, fill, minutes, range, stopwatch } from '../lib/format.js';

export function makeWords(zone) {
  return {
    time: (moment) => clock(moment, { zone }),
    day: (iso) => (iso ? dayInWords(iso) : ''),
    shortDay: (iso) => (iso ? day(iso) : ''),
    timer: stopwatch,
    minutes,
    range,
    money: dong,
    phrase: fill,
  };
}
