/** Runs in a browser: one letter, one deed; nothing while somebody types. And the list of them, behind '?'. */
import { button, make } from './dom.ts';

export interface Key {
  readonly key: string;
  readonly does: string;
  readonly run: () => void;
}

export function listenToKeys(keys: readonly Key[], title: string, close: string): { readonly showKeys: () => void } {
  const dialog = make('dialog', { id: 'keys' });
  dialog.setAttribute('aria-label', title);
  dialog.append(
    make('h2', {}, title),
    make('dl', {}, ...keys.flatMap(({ key, does }) => [make('dt', {}, make('kbd', {}, key)), make('dd', {}, does)])),
    button(close, () => dialog.close()),
  );
  document.body.append(dialog);
  const showKeys = (): void => dialog.showModal();
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
    const typed = event.target as HTMLElement | null;
    if (typed?.closest('input, select, textarea')) {
      if (event.key === 'Escape') typed.blur();
      return;
    }
    const key = keys.find((k) => k.key === event.key);
    if (!key) return;
    event.preventDefault();
    key.run();
  });
  return { showKeys };
}

/** The element that j, k, a and x are about: steps through what `all` finds, in the order of the page. */
export function walker(all: () => readonly HTMLElement[]) {
  let here: HTMLElement | undefined;
  const go = (next: HTMLElement | undefined): void => {
    if (!next) return;
    here?.classList.remove('here');
    here = next;
    here.classList.add('here');
    here.focus({ preventScroll: true });
    here.scrollIntoView({ block: 'start' });
  };
  const step = (by: 1 | -1): void => {
    const found = all();
    const at = here ? found.indexOf(here) : -1;
    go(found[at === -1 ? (by === 1 ? 0 : found.length - 1) : at + by]);
  };
  return { here: () => here, go, step };
}
