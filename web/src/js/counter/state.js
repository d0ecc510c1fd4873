// Whether this counter calls numbers: open, paused for a reason, or closed; and the bar that says so.
import { choose } from './choose.js';
import { byId, say, show, write } from './view.js';

const pauseTitle = (counter) => {
  const { reason } = counter.paused;
  const known = counter.reasons.pause.find((each) => each.key === reason);
  return known ? known.title : reason;
};

export function drawState(counter, texts, words) {
  byId('state').dataset.state = counter.state;
  write(byId('state-text'), texts.states[counter.state]);
  show(byId('closed'), counter.state !== 'open');
  if (counter.state === 'closed') write(byId('closed-text'), texts.closedText);
  if (counter.state !== 'paused') return;
  const facts = { time: words.time(counter.paused.since), reason: pauseTitle(counter) };
  write(byId('closed-text'), words.phrase(texts.pausedText, facts));
}

/** Asks what the counter should be; resolves to {state, reason}, or null. */
export async function chooseState(counter, texts, words) {
  const options = counter.reasons.pause.map(({ key, title }) => ({
    key: `paused:${key}`,
    title: words.phrase(texts.pauseFor, { reason: title }),
  }));
  if (counter.state !== 'closed') options.push({ key: 'closed:', title: texts.closeCounter });
  if (counter.state !== 'open') options.unshift({ key: 'open:', title: texts.openCounter });
  const title = words.phrase(texts.stateTitle, { n: counter.number, state: texts.states[counter.state] });
  const taken = await choose({ title, text: texts.stateText, options });
  if (!taken) return null;
  const [state, reason] = taken.split(':');
  return { state, reason };
}

const LONG_SECONDS = 45 * 60;
const AGAIN_SECONDS = 30 * 60;
let seenAt = 0;

/** A visit that goes on for long may have been forgotten; put away, the reminder comes back later. */
export function drawLong(current, now, texts, words) {
  const since = current && current.state === 'serving' ? Date.parse(current.started_at) : now;
  const over = (now - since) / 1000;
  const long = over >= LONG_SECONDS && (now - seenAt) / 1000 >= AGAIN_SECONDS;
  show(byId('long'), long);
  say(byId('long-text'), long ? words.phrase(texts.longVisit, { label: current.label, n: words.minutes(over) }) : '');
}

export const putLongAway = (now) => (seenAt = now);
