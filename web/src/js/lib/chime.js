/** Sound and vibration after one tap: browsers allow neither before. */

let context = null;
let lock = null;

/** Call from within a tap; says with a short sound that it worked. */
export async function allowChime() {
  const Audio = window.AudioContext || window.webkitAudioContext;
  if (Audio) {
    context = context || new Audio();
    await context.resume();
  }
  chime(1);
  await keepAwake();
}

async function keepAwake() {
  if (!('wakeLock' in navigator)) return; // only on https, only newer phones
  try {
    lock = await navigator.wakeLock.request('screen');
  } catch {
    lock = null;
  }
}

document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible' && lock && lock.released) keepAwake();
});

function tone(frequency, start, length) {
  const oscillator = context.createOscillator();
  const gain = context.createGain();
  oscillator.frequency.value = frequency;
  gain.gain.setValueAtTime(0.0001, start);
  gain.gain.exponentialRampToValueAtTime(0.4, start + 0.03);
  gain.gain.exponentialRampToValueAtTime(0.0001, start + length);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(start);
  oscillator.stop(start + length);
}

/** Two soft tones, `times` over, and as many vibrations; silent where it was never allowed. */
export function chime(times) {
  if (navigator.vibrate) navigator.vibrate(Array.from({ length: times * 2 - 1 }, (_, index) => (index % 2 ? 200 : 400)));
  if (!context) return;
  for (let time = 0; time < times; time += 1) {
    tone(660, context.currentTime + time * 0.9, 0.35);
    tone(880, context.currentTime + time * 0.9 + 0.3, 0.5);
  }
}
