import type { DrawnGraph } from '@holdfast/api';
import { type Placed } from './layout.ts';
/** The layout of a drawn graph, computed in a worker and kept by content. */
export declare function layOut(graph: DrawnGraph): Promise<Placed>;
/** Starts the worker: it takes longer to read its program than most graphs take to lay out. */
export declare function warmUp(): void;
//# sourceMappingURL=elk.d.ts.map