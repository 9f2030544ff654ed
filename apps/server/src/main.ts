import { loadPacked } from './loading/load-packed.ts'

const { runServer } = await loadPacked('server', () => import('./run-server.ts'))
await runServer()
