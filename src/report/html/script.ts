/** All that the page has of scripts: the buttons that copy, which are hidden where scripts are off, and details that are linked to. */

/** The script. */
export const script = `
for (const button of document.querySelectorAll('.replay button')) {
  if (!navigator.clipboard) break;
  button.hidden = false;
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(button.previousElementSibling.textContent);
    button.textContent = 'Copied';
    setTimeout(() => { button.textContent = 'Copy'; }, 2000);
  });
}
const open = () => {
  const place = document.getElementById(location.hash.slice(1));
  for (let each = place; each; each = each.parentElement) if (each instanceof HTMLDetailsElement) each.open = true;
  place?.scrollIntoView();
};
addEventListener('hashchange', open);
open();
addEventListener('beforeprint', () => { for (const each of document.querySelectorAll('details:not(.data)')) each.open = true; });
`;
