/** A scanner that types: characters faster than any finger, then Enter, wherever the focus is. */

const FASTEST_FINGER_MS = 60; // between two characters, on average: a busy machine hands some of them on late
const LONGEST_GAP_MS = 250;
const SHORTEST = 8;

/** Calls `onScan(text)`; what was scanned reaches neither a field nor a button. */
export function listenForScans(onScan) {
  let typed = '';
  let began = 0;
  let last = 0;
  let before = null; // the field the burst began in, as it was

  window.addEventListener(
    'keydown',
    (event) => {
      const now = event.timeStamp; // when the key was pressed, not when this page had time for it
      const goesOn = now - last < LONGEST_GAP_MS;
      last = now;
      if (event.key === 'Enter') {
        const quick = goesOn && now - began < typed.length * FASTEST_FINGER_MS;
        const text = quick ? typed : '';
        const field = before;
        typed = '';
        if (text.length < SHORTEST) return;
        event.preventDefault();
        event.stopPropagation();
        if (field && field.element.isConnected) {
          field.element.value = field.value;
          field.element.dispatchEvent(new Event('input', { bubbles: true }));
        }
        onScan(text);
        return;
      }
      if (event.key.length !== 1 || event.ctrlKey || event.altKey || event.metaKey) return;
      if (!goesOn) {
        typed = '';
        began = now;
        const element = document.activeElement;
        before = element && element.tagName === 'INPUT' ? { element, value: element.value } : null;
      }
      typed += event.key;
    },
    { capture: true },
  );
}
