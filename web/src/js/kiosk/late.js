/** Before the press: whoever may not be served today hears so, and what there is instead. */
import { find, say } from '../lib/dom.js';
import { clock, day } from '../lib/format.js';
import { t } from './words.js';

/** Whether something has to be said before a number of this line; alone, the kiosk knows no forecast. */
export const comesLate = ({ line }, menu) => !menu.offline && Boolean(line.capacity) && line.capacity.fits !== 'yes';

export function drawLate({ line }, book) {
  const { fits, closes_at: closes, next_day: next, appointments } = line.capacity;
  say(find('#late-title'), t(fits === 'no' ? 'late_title_no' : 'late_title_maybe'));
  say(find('#late-what'), t('late_what', { when: closes ? clock(closes) : '' }));
  find('#late-next').hidden = !next;
  if (next) say(find('#late-next-day'), t('late_next', { day: day(next) }));
  const bookable = appointments && book;
  find('#late-book').hidden = !bookable;
  if (bookable) find('#late-qr').src = book.picture;
}
