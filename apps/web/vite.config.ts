import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

/** The server to develop against; `npm run dev` names it. */
const server = process.env['HOLDFAST_URL'] ?? 'http://127.0.0.1:4319'

const noSchemas = decodeURIComponent(new URL('src/data/no-schemas.ts', import.meta.url).pathname)

/** What the API is made of comes without its schemas; the search parameters of the workspace itself are checked by them. */
const schemalessApi: Plugin = {
  name: 'schemaless-api',
  enforce: 'pre',
  resolveId: (source, importer) =>
    source === 'zod' && importer?.includes('/packages/api/') === true ? noSchemas : undefined,
}

export default defineConfig({
  plugins: [schemalessApi, react(), tailwindcss()],
  resolve: { conditions: ['@holdfast/source', 'module', 'browser', 'development|production'] },
  build: {
    // Browsers that know light-dark() and nesting as written; the workspace is for a responder's own, current browser.
    target: ['chrome123', 'firefox120', 'safari17.5'],
    // The content security policy allows no data: script and no inline style, so nothing is inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
  },
  server: { proxy: { '/api': server, '/sign-in': server } },
})
