import { defineConfig } from 'vite';

export default defineConfig({
  resolve: { conditions: ['michinori:source', 'module', 'browser', 'import', 'default'] },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: 'dist/site',
    emptyOutDir: true,
    target: 'es2023',
    // Nothing is inlined: the page's policy allows scripts and styles from files only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The largest file is ECharts; a test limits what is sent in all.
    chunkSizeWarningLimit: 700,
  },
});
