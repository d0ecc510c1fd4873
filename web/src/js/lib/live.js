// What happens now, from the server: joins rooms, keeps what was seen, and says honestly when it hears nothing.
import { io } from 'socket.io-client';

/** The server ticks every 3 s; silence longer than this means that the screen may be out of date. */
const SILENCE_MS = 5000;
const RETRY_REFUSED_MS = 3000;

/**
 * Follows `rooms` until `close()`.
 *
 * onSnapshot(state) and onEvent(fact) get what the server sent, `room` included where it named one.
 * onStatus('connected' | 'lost', reason) is called on changes only, first with 'lost' or 'connected'.
 * With `resume: false` every reconnection asks for a whole snapshot instead of the missed events: right for a
 * screen that shows a state and would otherwise replay old calls. `as` ('kiosk' or 'board') says which of the
 * browser's identities counts when a member of staff looks at a device's page; `onTick` hears the server's clock,
 * `onFigures` how many wait in a board's area.
 */
export function live({ rooms, onSnapshot, onEvent, onStatus, onTick, onFigures, resume = true, as }) {
  const seen = new Map(rooms.map((room) => [room, 0]));
  let status = null;
  let heardAt = Date.now();
  let retry = null;

  const socket = io('/live', {
    transports: ['websocket'],
    upgrade: false,
    auth: as ? { as } : {},
    reconnectionDelay: 500,
    reconnectionDelayMax: 3000,
    timeout: 4000,
  });

  function report(next, reason) {
    if (status === next) return;
    status = next;
    if (onStatus) onStatus(next, reason);
  }

  function heard(message) {
    heardAt = Date.now();
    if (!message || typeof message.seq !== 'number') return;
    const named = message.room ? [message.room] : [...seen.keys()];
    for (const room of named) {
      if (seen.has(room)) seen.set(room, Math.max(seen.get(room), message.seq));
    }
  }

  function join(room) {
    const asked = { room };
    if (resume && seen.get(room) > 0) asked.seen = seen.get(room);
    return new Promise((resolve) => {
      socket.emit('join', asked, (answer) => resolve(answer && answer.error ? answer.error.code : null));
    });
  }

  async function connected() {
    heardAt = Date.now();
    const refusals = await Promise.all([...seen.keys()].map(join));
    const refused = refusals.find((code) => code);
    if (!socket.connected) return;
    if (refused) report('lost', refused);
    else report('connected');
  }

  /** The server refused or threw us out; socket.io leaves trying again to us. */
  function tryAgainLater() {
    clearTimeout(retry);
    retry = setTimeout(() => socket.connect(), RETRY_REFUSED_MS);
  }

  socket.on('connect', connected);
  socket.on('disconnect', (reason) => {
    report('lost', reason);
    if (reason === 'io server disconnect') tryAgainLater();
  });
  socket.on('connect_error', (error) => {
    report('lost', error && error.message);
    if (!socket.active) tryAgainLater();
  });
  // The session or the device's right ended; the connection follows.
  socket.on('dismissed', () => report('lost', 'dismissed'));
  socket.on('tick', (tick) => {
    heard();
    if (onTick) onTick(tick);
  });
  socket.on('figures', (figures) => {
    heard();
    if (onFigures) onFigures(figures);
  });
  socket.on('snapshot', (state) => {
    heard();
    // Set, not raised: after a restored backup the server counts from lower down.
    if (state && seen.has(state.room) && typeof state.seq === 'number') seen.set(state.room, state.seq);
    // Before its answer to the join arrives: what is shown as present must be what a later cut takes back.
    report('connected');
    if (onSnapshot) onSnapshot(state);
  });
  socket.on('event', (fact) => {
    // A retransmission after reconnecting may overlap with what came before it.
    if (fact && fact.room && typeof fact.seq === 'number' && fact.seq <= (seen.get(fact.room) || 0)) {
      heard();
      return;
    }
    heard(fact);
    if (onEvent) onEvent(fact);
  });

  const hangUp = () => socket.io.engine && socket.io.engine.close();
  const offline = () => {
    report('lost', 'offline');
    hangUp();
  };
  const online = () => socket.connect();
  window.addEventListener('offline', offline);
  window.addEventListener('online', online);

  const watchdog = setInterval(() => {
    if (Date.now() - heardAt <= SILENCE_MS) return;
    report('lost', 'silence');
    // A cut cable closes nothing by itself: hang up, so that socket.io dials again.
    if (socket.connected) {
      heardAt = Date.now();
      hangUp();
    }
  }, 500);

  return {
    /** Follows one more room. */
    async join(room) {
      if (seen.has(room)) return;
      seen.set(room, 0);
      if (socket.connected) await join(room);
    },
    /** Stops for good. */
    close() {
      clearInterval(watchdog);
      clearTimeout(retry);
      window.removeEventListener('offline', offline);
      window.removeEventListener('online', online);
      socket.close();
    },
  };
}
