/** Figures, times and words as people here read them; the same on every page. */

const language = () => document.documentElement.lang || 'vi';
const two = (number) => String(number).padStart(2, '0');

/** Fills `%(name)s` places: `fill("Còn %(n)s người", {n: 5})`. */
export function fill(text, values = {}) {
  return text.replace(/%\((\w+)\)[sd]/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** Lower case without diacritics, so that "ho tich" finds "Hộ tịch". */
export function fold(text) {
  return text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/đ/g, 'd')
    .replace(/\s+/g, ' ')
    .trim();
}

/** True when every word of the query begins a word of the folded text. */
export function matches(query, foldedText) {
  const words = foldedText.split(/[^a-z0-9]+/);
  return fold(query)
    .split(/[^a-z0-9]+/)
    .filter(Boolean)
    .every((wanted) => words.some((word) => word.startsWith(wanted)));
}

/** 31160 → "31.160 đ" (English pages: "31,160 đ"). */
export function dong(amount) {
  return `${number(amount)} đ`;
}

/** 31160 → "31.160". */
export function number(value) {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, language() === 'en' ? ',' : '.');
}

/** The parts of a moment in the office's time zone, whatever zone this computer is set to. */
function parts(moment, zone) {
  const found = {};
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone || 'Asia/Ho_Chi_Minh',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  format.formatToParts(new Date(moment)).forEach(({ type, value }) => (found[type] = value));
  return found;
}

/** "09:42" from an ISO moment; with `seconds`, "09:42:10". */
export function clock(moment, { zone, seconds = false } = {}) {
  const { hour, minute, second } = parts(moment, zone);
  return seconds ? `${hour}:${minute}:${second}` : `${hour}:${minute}`;
}

/** "04/12/2026" from an ISO day ("2026-12-04") or moment. */
export function day(value, { zone } = {}) {
  const plain = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value);
  if (plain) return `${plain[3]}/${plain[2]}/${plain[1]}`;
  const { day: date, month, year } = parts(value, zone);
  return `${date}/${month}/${year}`;
}

const WEEKDAYS = {
  vi: ['Chủ Nhật', 'Thứ Hai', 'Thứ Ba', 'Thứ Tư', 'Thứ Năm', 'Thứ Sáu', 'Thứ Bảy'],
  en: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
};

/** "Thứ Sáu, 04/12/2026" from an ISO day or moment. */
export function dayInWords(value, options) {
  const shown = day(value, options);
  const [date, month, year] = shown.split('/').map(Number);
  const names = WEEKDAYS[language()] || WEEKDAYS.vi;
  return `${names[new Date(Date.UTC(year, month - 1, date)).getUTCDay()]}, ${shown}`;
}

/** 252 → "04:12"; from an hour on "1:04:12". */
export function stopwatch(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / 3600);
  const rest = `${two(Math.floor((whole % 3600) / 60))}:${two(whole % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}

/** Whole minutes, never under zero: 1079 → 17. */
export const minutes = (seconds) => Math.max(0, Math.floor(seconds / 60));

/** [6, 11] → "6–11", [5, 5] → "5"; null when there is no estimate. */
export function range(pair) {
  if (!pair) return null;
  const [low, high] = pair;
  return low === high ? String(low) : `${low}–${high}`;
}
