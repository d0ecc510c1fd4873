/** The voice of a board: made with the first settings that arrive, changed with later ones. */
import { find } from '../lib/dom.js';
import { createAnnouncer } from './announcer.js';

/** How long the wish for a tap is shown; a tap or key unlocks the sound afterwards too. */
const ASKING = 60000;

function isQuiet(spans, time) {
  return spans.some(([from, to]) => from <= time && time < to);
}

export function createSound(clock, { onSpeaking, onSilent }) {
  const button = find('#sound');
  let voice = null;
  let quiet = [];
  let enabled = false;

  function onLocked(locked, unlock) {
    button.hidden = !locked;
    if (!locked) return;
    button.onclick = unlock;
    document.addEventListener('keydown', unlock, { once: true });
    document.addEventListener('pointerdown', unlock, { once: true });
    setTimeout(() => {
      button.hidden = true;
    }, ASKING);
  }

  function onState({ state, call }) {
    if (state === 'speaking') onSpeaking(call);
    else onSilent();
  }

  return {
    set(settings) {
      if (!settings) return;
      quiet = settings.quiet || [];
      enabled = settings.enabled;
      if (voice) voice.set(settings);
      else if (settings.enabled) {
        voice = createAnnouncer({
          ...settings,
          quiet: () => isQuiet(quiet, clock.time()),
          onLocked,
          onState,
        });
      }
      if (voice) voice.setClock(clock.ahead);
    },
    announce: (call) => voice && voice.announce(call),
    /** The calls of a snapshot. Those that were there before this board was are not its to speak. */
    known(calls, before) {
      if (!voice) return;
      if (before) voice.set({ enabled: false });
      voice.known(calls);
      if (before) voice.set({ enabled });
    },
    setClock: () => voice && voice.setClock(clock.ahead),
  };
}
