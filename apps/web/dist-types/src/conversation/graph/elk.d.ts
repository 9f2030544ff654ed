import type { DrawnGraph } from '@holdfast/api'
import { type Placed } from './layout.ts'
/** The layout of a drawn graph, computed in a worker and kept by content. */
export declare function layOut(graph: DrawnGraph): Promise<Placed>
//# sourceMappingURL=elk.d.ts.map
