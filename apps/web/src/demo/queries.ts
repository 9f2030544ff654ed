import { queryOptions } from '@tanstack/react-query'
import { api } from '../data/client.ts'

/** What the strip of demo data and the first-run page read; a change in the log makes it stale. */
export const demoQueries = {
  demo: () => queryOptions({ queryKey: ['demo'], queryFn: ({ signal }) => api.call('getDemo', { signal }) }),
}
