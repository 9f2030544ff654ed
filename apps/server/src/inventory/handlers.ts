import type { Handlers } from '../http/handlers.ts'
import type { ViewsClient } from '../views/client.ts'

type InventoryRoute = 'getBom' | 'getBomDiff' | 'exportBom' | 'listInventoryFindings' | 'listIdentities'

/** Questions on the inventory, all answered by the projection worker. */
export function inventoryHandlers(views: ViewsClient): Pick<Handlers, InventoryRoute> {
  return {
    getBom: ({ params, query }) => views.ask('getBom', { ...params, query }),
    getBomDiff: ({ params, query }) => views.ask('getBomDiff', { ...params, query }),
    exportBom: ({ params, query, reply }) => {
      reply.header('content-disposition', 'attachment; filename="bom.cdx.json"')
      return views.ask('exportBom', { ...params, query })
    },
    listInventoryFindings: ({ query }) => views.ask('listInventoryFindings', { query }),
    listIdentities: () => views.ask('listIdentities', {}),
  }
}
