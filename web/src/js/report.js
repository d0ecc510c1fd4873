// The report is a page like paper; here it only learns to be printed by a button.
const button = document.getElementById('print');
if (button) {
  button.hidden = false;
  button.addEventListener('click', () => window.print());
}
