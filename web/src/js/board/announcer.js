/**
 * Speaks the calls of a board: one after the other, none cut, none twice, none that is long past.
 *
 *   const voice = createAnnouncer({ volume: 80, english: 'asked', onLocked: (yes, unlock) => …, onState: (s) => … });
 *   voice.announce(fact)         // a fact ticket.called or ticket.recalled: {ticket, at, language, times?}
 *   voice.known(calls)           // the calls of a snapshot, newest first: fresh ones not heard yet are announced
 *   voice.set({ volume, english, enabled })   // after the settings were changed
 *   voice.unlock()               // from a tap or a key: browsers allow no sound before, unless told to
 *   voice.setClock(milliseconds) // by how much the server's clock is ahead of this machine's
 */

const ROOT = '/api/v1/voice/calls/';
const FRESH = 60000; // ms: a call that is older is not announced; the person is at the counter or gone
const PATIENCE = 6000; // ms for one clip to come
const RETRY_AFTER = 400;
const REMEMBERED = 200;
const BETWEEN = 0.25; // seconds of silence between two clips
const LATE = 3000; // ms after which a clip that never says it ended is left behind

/** The clip of a call as bytes; null when there is nothing to hear (quiet hours, switched off, no voice). */
export async function clipFromServer(call, language) {
  const away = typeof AbortController === 'function' ? new AbortController() : null;
  const timer = setTimeout(() => away && away.abort(), PATIENCE);
  try {
    const address = `${ROOT}${call.ticket}?language=${language}`;
    const response = await fetch(address, { credentials: 'same-origin', signal: away ? away.signal : undefined });
    // What is no call of today any more (undone, cancelled) is not worth asking for again.
    if (response.status === 204 || response.status === 404) return null;
    if (!response.ok) throw new Error(String(response.status));
    return await response.arrayBuffer();
  } finally {
    clearTimeout(timer);
  }
}

const rest = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** Browsers of 2018 know decodeAudioData with callbacks only; all newer ones still do. */
function decode(context, bytes) {
  return new Promise((good, bad) => context.decodeAudioData(bytes, good, bad));
}

/** Two soft tones, for a clip that could not be fetched: people look up all the same. Seconds they last. */
function ring(context, out) {
  const begin = context.currentTime;
  [
    [660, 0, 0.35],
    [523, 0.3, 0.5],
  ].forEach(([frequency, start, length]) => {
    const oscillator = context.createOscillator();
    const gain = context.createGain();
    oscillator.frequency.value = frequency;
    gain.gain.setValueAtTime(0.0001, begin + start);
    gain.gain.exponentialRampToValueAtTime(0.5, begin + start + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.0001, begin + start + length);
    oscillator.connect(gain).connect(out);
    oscillator.start(begin + start);
    oscillator.stop(begin + start + length);
  });
  return 0.8;
}

/**
 * @param volume   0–100
 * @param quiet    function that says whether it is quiet now (the server decides by itself; this only saves asking)
 * @param chime    whether two tones stand in for a clip that could not be fetched
 * @param english  "asked" (visitors who chose English) | "always" | "never"
 * @param fetchClip (call, language) → Promise of bytes or null; rejects when it failed
 * @param onLocked (locked, unlock): the browser wants a tap first; show a button that calls unlock
 * @param onState  ({state: "idle"|"speaking"|"locked"|"silent", waiting, call, language})
 */
export function createAnnouncer({
  volume = 80,
  quiet = () => false,
  chime = true,
  english = 'asked',
  enabled = true,
  fetchClip = clipFromServer,
  onLocked = () => {},
  onState = () => {},
  now = () => Date.now(),
} = {}) {
  const Audio = window.AudioContext || window.webkitAudioContext;
  const context = Audio ? new Audio() : null;
  const out = context && context.createGain();
  const settings = { volume, english, enabled };
  const queue = [];
  const heard = new Map();
  const calledAt = new Map();
  let busy = false;
  let ahead = 0;
  if (context) out.connect(context.destination);
  applyVolume();

  function applyVolume() {
    if (out) out.gain.value = Math.min(Math.max(settings.volume, 0), 100) / 100;
  }

  function tell(state, call = null, language = null) {
    onState({ state, waiting: queue.length, call, language });
  }

  /** A call is its ticket and moment, a recall its number after that; a number that came back is called anew. */
  function keyOf(call) {
    if (!call.times) {
      calledAt.delete(call.ticket); // so that it counts as the newest
      calledAt.set(call.ticket, Date.parse(call.at));
    }
    return `${call.ticket}@${calledAt.get(call.ticket)}:${call.times || 0}`;
  }

  function isFresh(call) {
    const at = Date.parse(call.at);
    return Number.isNaN(at) || now() + ahead - at < FRESH;
  }

  function note(call) {
    const key = keyOf(call);
    if (heard.has(key)) return false;
    heard.set(key, true);
    [heard, calledAt].forEach((kept) => kept.size > REMEMBERED && kept.delete(kept.keys().next().value));
    return true;
  }

  function languagesOf(call) {
    const both = settings.english === 'always' || (settings.english === 'asked' && call.language === 'en');
    return both ? ['vi', 'en'] : ['vi'];
  }

  async function clipOf(call, language) {
    try {
      return await fetchClip(call, language);
    } catch {
      await rest(RETRY_AFTER);
      return fetchClip(call, language);
    }
  }

  /** Plays to the very end; a context that stands still meanwhile (sleep, a taken device) must not stop the hall. */
  function play(buffer) {
    return new Promise((done) => {
      const source = context.createBufferSource();
      source.buffer = buffer;
      source.connect(out);
      const timer = setTimeout(finish, (buffer.duration + BETWEEN) * 1000 + LATE);
      function finish() {
        clearTimeout(timer);
        source.onended = null;
        source.disconnect();
        done();
      }
      source.onended = finish;
      source.start(context.currentTime + BETWEEN);
    });
  }

  async function speak(call) {
    for (const language of languagesOf(call)) {
      try {
        const bytes = await clipOf(call, language);
        if (bytes === null || bytes.byteLength === 0) {
          tell('silent', call, language);
          continue;
        }
        const buffer = await decode(context, bytes);
        tell('speaking', call, language);
        await play(buffer);
      } catch {
        if (chime && language === 'vi') await rest(ring(context, out) * 1000);
        else tell('silent', call, language);
      }
    }
  }

  async function work() {
    if (busy || !context) return;
    busy = true;
    while (queue.length > 0 && context.state === 'running') {
      const call = queue.shift();
      if (settings.enabled && !quiet() && isFresh(call)) await speak(call);
    }
    busy = false;
    if (queue.length > 0 && context.state !== 'running') locked();
    else tell('idle');
  }

  function locked() {
    tell('locked');
    onLocked(true, unlock);
  }

  async function unlock() {
    if (!context) return;
    try {
      await context.resume();
    } catch {
      return; // still wants a tap; the button stays
    }
    if (context.state === 'running') {
      onLocked(false, unlock);
      work();
    }
  }

  if (context) {
    // A television set to play without a tap says so by itself; some need to be asked once.
    context.onstatechange = () => {
      if (context.state === 'running') {
        onLocked(false, unlock);
        work();
      }
    };
    if (settings.enabled && context.state !== 'running') {
      context.resume().catch(() => {});
      setTimeout(() => context.state !== 'running' && locked(), 300);
    }
  }

  function announce(call) {
    if (!note(call) || !settings.enabled || !isFresh(call)) return;
    queue.push(call);
    work();
  }

  return {
    announce,
    unlock,
    known(calls) {
      // Oldest first: that is the order in which they were called.
      [...calls].reverse().forEach(announce);
    },
    set(values) {
      Object.assign(settings, values);
      applyVolume();
    },
    setClock(milliseconds) {
      ahead = milliseconds;
    },
    get waiting() {
      return queue.length;
    },
  };
}
