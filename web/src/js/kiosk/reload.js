/** Loads the page anew when the server asks for it, but never under a visitor's hands. */

const QUIET_MS = 5_000;
const SIGNS_OF_LIFE = ['pointerdown', 'keydown', 'touchstart'];

/** `first` is the wish the page began with; `free()` says whether nobody is in the middle. Returns `hear(wish)`. */
export function reloadWhenAsked(first, free) {
  let wanted = false;
  let touchedAt = performance.now();
  SIGNS_OF_LIFE.forEach((sign) =>
    window.addEventListener(sign, () => (touchedAt = performance.now()), { capture: true, passive: true }),
  );
  setInterval(() => {
    if (wanted && free() && performance.now() - touchedAt > QUIET_MS) location.reload();
  }, 1000);
  return (wish) => {
    if ((wish || null) !== (first || null)) wanted = true;
  };
}
