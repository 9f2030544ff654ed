import { type Node, type NodeProps } from '@xyflow/react';
import type { StepData } from './Canvas.tsx';
/** One node of the drawing: kind, label, count, and what is wrong with it. */
export declare function StepNode({ data: { node, isSelected, isDim } }: NodeProps<Node<StepData>>): import("react").JSX.Element;
//# sourceMappingURL=StepNode.d.ts.map