/** What is special about a number: another day, further services, or how its holder came. */
import { find, say } from '../lib/dom.js';
import { day } from '../lib/format.js';
import { t, titleOf } from './words.js';

/** The places still to come in the same visit, as one reads them. */
export const thenWords = (places) => t('more_then', { places: places.map(titleOf).join(' · ') });

export function drawNote(ticket) {
  const parts = [
    ticket.next && t('for_day', { day: day(ticket.day) }),
    ticket.arrival && t(`arrived_${ticket.arrival}`),
    ticket.plan && ticket.plan.length > 0 && thenWords(ticket.plan),
  ].filter(Boolean);
  const place = find('#ticket-note');
  place.hidden = parts.length === 0;
  place.dataset.tone = ticket.arrival === 'late' ? 'warn' : 'plain';
  say(place, parts.join(' '));
}
