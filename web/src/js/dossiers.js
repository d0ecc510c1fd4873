// The list of dossiers: "/" jumps to the search box, a changed filter asks at once.
const form = document.getElementById('finder');
const query = document.getElementById('q');

for (const select of form.querySelectorAll('select')) {
  select.addEventListener('change', () => form.submit());
}

document.addEventListener('keydown', (event) => {
  if (event.key !== '/' || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target.matches('input, textarea, select')) return;
  event.preventDefault();
  query.focus();
  query.select();
});
