/** The server's clock on a television, which rarely keeps good time itself; what a wall of boards turns its pages by. */

const SAMPLES = 8;
const SHORT_DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

export function createClock(zone) {
  const local = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'short',
    day: '2-digit',
    month: '2-digit',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  });
  let samples = [];
  let ahead = 0;

  const clock = {
    /** Milliseconds on the server's clock. */
    now: () => Date.now() + ahead,
    /** By how much the server is ahead of this machine, in milliseconds. */
    get ahead() {
      return ahead;
    },
    /** A moment as the server told it. The one that travelled fastest is nearest the truth; `anew` forgets the others. */
    hear(at, anew = false) {
      const told = Date.parse(at);
      if (Number.isNaN(told)) return;
      samples = (anew ? [] : samples).slice(1 - SAMPLES).concat(told - Date.now());
      ahead = Math.max(...samples);
    },
    /** Weekday (0 is Sunday), day, month, year, hour and minute where the office is. */
    parts(moment = clock.now()) {
      const parts = {};
      local.formatToParts(new Date(moment)).forEach(({ type, value }) => {
        parts[type] = value;
      });
      if (parts.hour === '24') parts.hour = '00';
      parts.weekday = SHORT_DAYS.indexOf(parts.weekday);
      return parts;
    },
    day(moment = clock.now()) {
      const { year, month, day } = clock.parts(moment);
      return `${year}-${month}-${day}`;
    },
    time(moment = clock.now()) {
      const { hour, minute } = clock.parts(moment);
      return `${hour}:${minute}`;
    },
  };
  return clock;
}
