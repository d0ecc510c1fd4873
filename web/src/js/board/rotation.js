/** Which page is on, from the server's clock alone: boards that show the same pages show the same one, unasked. */

/** `pages` are {seconds, …}; the index that is on at a moment, and the milliseconds until the next. */
export function pageAt(pages, moment) {
  if (pages.length < 2) return { index: 0, left: Infinity };
  const lengths = pages.map((page) => page.seconds * 1000);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  let into = moment % total;
  let index = 0;
  while (into >= lengths[index]) {
    into -= lengths[index];
    index += 1;
  }
  return { index, left: lengths[index] - into };
}

/** A list in as few parts of at most `most` as it takes, all about as long. */
export function evenly(list, most) {
  const parts = Math.ceil(list.length / most) || 1;
  const size = Math.ceil(list.length / parts);
  return Array.from({ length: parts }, (_, part) => list.slice(part * size, (part + 1) * size));
}

/** Both lists by turns; the shorter begins again until the longer one is through. */
export function byTurns(one, other) {
  if (one.length === 0 || other.length === 0) return [...one, ...other];
  const rounds = Math.max(one.length, other.length);
  return Array.from({ length: rounds }, (_, round) => [one[round % one.length], other[round % other.length]]).flat();
}

/** Turns pages at their moments: `draw(page, index, count)` for each; `set` takes other pages, `hold` stops or goes on. */
export function createRotation(now, draw) {
  let pages = [];
  let timer = null;
  let held = false;
  let on = -1;

  function turn(always) {
    clearTimeout(timer);
    if (pages.length === 0) return;
    const { index, left } = held && on >= 0 && on < pages.length ? { index: on, left: Infinity } : pageAt(pages, now());
    if (always || index !== on) {
      on = index;
      draw(pages[index], index, pages.length);
    }
    // A clock that is set meanwhile is noticed within a second.
    if (pages.length > 1) timer = setTimeout(() => turn(false), Math.min(left + 5, 1000));
  }

  return {
    set(next) {
      if (next.length !== pages.length) on = -1;
      pages = next;
      turn(true);
    },
    hold(stop) {
      held = stop;
      turn(false);
    },
  };
}
