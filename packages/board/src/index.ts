import { fileURLToPath } from 'node:url';

export { boardAddresses } from './addresses.ts';

/** Folder of the built pages: `index.html` and `assets/`, whose names carry a hash of their content. Empty before `vite build`. */
export const boardFolder: string = fileURLToPath(new URL('../dist/site/', import.meta.url));
