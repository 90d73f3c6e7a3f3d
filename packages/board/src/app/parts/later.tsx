import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Loading } from './panel.tsx';

const againAfterMs = 5000;

/** A component whose code is fetched when it is first shown, so that the first picture of other pages doesn't wait for it; asked for again until it comes. */
export function later<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  let loaded: ComponentType<Props> | null = null;
  return function Later(props: Props) {
    const [component, setComponent] = useState<{ Shown: ComponentType<Props> } | null>(
      loaded === null ? null : { Shown: loaded },
    );
    useEffect(() => {
      let isGone = false;
      let timer: ReturnType<typeof setTimeout>;
      const ask = () => {
        load().then(
          (Shown) => {
            loaded = Shown;
            if (!isGone) setComponent({ Shown });
          },
          () => {
            reloadIfReplaced().catch(() => {});
            if (!isGone) timer = setTimeout(ask, againAfterMs);
          },
        );
      };
      if (component === null) ask();
      return () => {
        isGone = true;
        clearTimeout(timer);
      };
    }, [component]);
    return component === null ? <Loading /> : <component.Shown {...props} />;
  };
}

/** The code of an older version is gone from a server that has a newer one: then the page begins anew at the same address. */
async function reloadIfReplaced(): Promise<void> {
  const own = document.querySelector('script[type="module"][src]')?.getAttribute('src') ?? null;
  const answer = await fetch('/', { headers: { accept: 'text/html' }, cache: 'no-cache' });
  if (own !== null && answer.ok && !(await answer.text()).includes(own)) location.reload();
}
