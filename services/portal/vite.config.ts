import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** The web application, built into `dist/`, from where the service hands it out under `/app`. */
export default defineConfig({
  root: 'client',
  base: '/app/',
  plugins: [react()],
  build: {
    outDir: '../dist',
    emptyOutDir: true,
    // The budget of the first load is read from it.
    manifest: 'manifest.json',
    // An inlined file would be a `data:` address, which the policy of the page refuses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
})
