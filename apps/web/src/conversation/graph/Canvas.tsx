import type { DrawnGraph } from '@holdfast/api'
import {
  MarkerType,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  type Edge,
  type Node,
  type NodeChange,
} from '@xyflow/react'
import '@xyflow/react/dist/base.css'
import { useEffect, useMemo, useRef, useState, type FocusEvent } from 'react'
import { useKey } from '../../shell/use-key.ts'
import { inertLine } from '../../text/inert.ts'
import { BASIS_WORDS, EDGE_WORDS, KIND_WORDS, lineOf } from '../node-words.ts'
import type { Selection } from '../use-selection.ts'
import { EdgePanel } from './EdgePanel.tsx'
import { HEADS_PIXELS, LEAST_ZOOM } from './first-view.ts'
import { firstView, useFirstView } from './use-first-view.ts'
import { LaneBands, LaneHeads } from './Lanes.tsx'
import { NODE_HEIGHT, NODE_WIDTH, type Placed } from './layout.ts'
import { OutOfSight } from './OutOfSight.tsx'
import { JoinEdge } from './JoinEdge.tsx'
import { joinPath } from './join-path.ts'
import { StepNode } from './StepNode.tsx'

export type DrawnNode = DrawnGraph['nodes'][number]
export type DrawnEdge = DrawnGraph['edges'][number]
export type StepData = { readonly node: DrawnNode; readonly isSelected: boolean; readonly isDim: boolean }

type CanvasProps = {
  readonly graph: DrawnGraph
  readonly placed: Placed
  readonly selection: Selection
  /** Nodes of the path or reach that is shown; the rest is dimmed. */
  readonly marked: ReadonlySet<string> | undefined
}

/** One press moves by about a node. */
const PAN_PIXELS = 64
const PAN: ReadonlyMap<string, readonly [right: number, down: number]> = new Map([
  ['ArrowUp', [0, -1]],
  ['ArrowDown', [0, 1]],
  ['ArrowLeft', [-1, 0]],
  ['ArrowRight', [1, 0]],
])

const nodeTypes = { step: StepNode }
const edgeTypes = { join: JoinEdge }

/** The drawing. Nodes are DOM elements: reached by Tab, named for a screen reader, selected with Enter. */
export function Canvas(props: CanvasProps) {
  return (
    <ReactFlowProvider>
      <Drawing {...props} />
    </ReactFlowProvider>
  )
}

function Drawing({ graph, placed, selection, marked }: CanvasProps) {
  const box = useRef<HTMLDivElement>(null)
  const flow = useReactFlow()
  const [openEdge, setOpenEdge] = useState<string>()
  const selected = graph.nodes.find(
    ({ id, members }) => id === selection.node || members.includes(selection.node ?? ''),
  )
  const nodes = useMemo(
    () => graph.nodes.map((node) => flowNode(node, placed, { isSelected: node === selected, marked })),
    [graph, placed, selected, marked],
  )
  const edges = useMemo(
    () => graph.edges.map((edge, index) => flowEdge(edge, { index, graph, placed, marked })),
    [graph, placed, marked],
  )
  const place = selected === undefined ? undefined : placed.positions.get(selected.id)
  const path = useMemo(
    () =>
      marked === undefined
        ? []
        : graph.nodes.filter((node) => isMarked(node, marked)).flatMap(({ id }) => placed.positions.get(id) ?? []),
    [graph, placed, marked],
  )
  useEffect(() => {
    const size = box.current
    if (place === undefined || size === null || path.length > 0) return
    const at = flow.flowToScreenPosition(place)
    const { left, top, right, bottom } = size.getBoundingClientRect()
    if (at.x >= left && at.x + NODE_WIDTH <= right && at.y >= top + HEADS_PIXELS && at.y + NODE_HEIGHT <= bottom) return
    void flow.setCenter(place.x + NODE_WIDTH / 2, place.y + NODE_HEIGHT / 2, { zoom: flow.getZoom() })
  }, [place, path, flow])
  const { onMoved } = useFirstView({
    box,
    placed,
    path,
    place,
    asked: selection.search.path === undefined ? '' : (selection.node ?? ''),
  })
  useKey('pan', ({ key }) => {
    const { x, y, zoom } = flow.getViewport()
    const [right, down] = PAN.get(key) ?? [0, 0]
    onMoved()
    void flow.setViewport({ x: x - right * PAN_PIXELS, y: y - down * PAN_PIXELS, zoom })
  })
  useKey('zoomIn', () => {
    onMoved()
    void flow.zoomIn()
  })
  useKey('zoomOut', () => {
    onMoved()
    void flow.zoomOut()
  })
  /** A join may be reached by Tab far from what is in sight: the drawing goes along, as the library itself does for nodes. */
  const showFocusedJoin = ({ target }: FocusEvent<HTMLElement>): void => {
    const join = target instanceof SVGElement && target.matches('.react-flow__edge:focus-visible') ? target : undefined
    const middle = join === undefined ? undefined : middleOf(graph.edges[Number(join.dataset['id'])], placed)
    if (middle === undefined || box.current === null) return
    const { x, y } = flow.flowToScreenPosition(middle)
    const { left, top, right, bottom } = box.current.getBoundingClientRect()
    if (x >= left && x <= right && y >= top + HEADS_PIXELS && y <= bottom) return
    onMoved()
    void flow.setCenter(middle.x, middle.y, { zoom: flow.getZoom() })
  }
  const onNodesChange = (changes: NodeChange[]): void => {
    for (const change of changes) {
      if (change.type !== 'select' || !change.selected) continue
      const node = graph.nodes.find(({ id }) => id === change.id)
      // A folded node stands for several: the first of them is opened, and the address names a real step.
      if (node === undefined || node === selected) continue
      onMoved()
      selection.select(node.members[0] ?? node.id)
    }
  }
  const edge = openEdge === undefined ? undefined : graph.edges[Number(openEdge)]
  return (
    <div ref={box} className="relative min-h-0 flex-1" data-panned="" onFocus={showFocusedJoin}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        onNodesChange={onNodesChange}
        onEdgesChange={(changes) => {
          for (const change of changes) if (change.type === 'select' && change.selected) setOpenEdge(change.id)
        }}
        // The library tells of its own moves too, and those have no event.
        onMoveStart={(event) => event !== null && onMoved()}
        onInit={({ setViewport }) => void setViewport(firstView(placed, box.current, { path, selected: place }))}
        nodesDraggable={false}
        nodesConnectable={false}
        deleteKeyCode={null}
        // Space plays.
        panActivationKeyCode={null}
        panOnScroll
        minZoom={LEAST_ZOOM}
        maxZoom={1.6}
        onlyRenderVisibleElements={graph.nodes.length > 120}
        proOptions={{ hideAttribution: true }}
      >
        <LaneBands placed={placed} />
      </ReactFlow>
      <LaneHeads placed={placed} />
      <OutOfSight placed={placed} onMoved={onMoved} />
      {edge !== undefined && (
        <EdgePanel selection={selection} edge={edge} graph={graph} onClose={() => setOpenEdge(undefined)} />
      )}
    </div>
  )
}

/** Where the line of a join is half way, and its count stands. */
function middleOf(
  edge: DrawnEdge | undefined,
  { positions }: Placed,
): { readonly x: number; readonly y: number } | undefined {
  const [from, to] = [positions.get(edge?.from ?? ''), positions.get(edge?.to ?? '')]
  if (from === undefined || to === undefined) return undefined
  const [, x, y] = joinPath(from, to)
  return { x, y }
}

type Marking = { readonly isSelected: boolean; readonly marked: ReadonlySet<string> | undefined }

function flowNode(node: DrawnNode, placed: Placed, { isSelected, marked }: Marking): Node<StepData> {
  const state = node.status === 'error' ? ', error' : ''
  const trigger = node.trigger === true ? ', the triggering input' : ''
  return {
    id: node.id,
    type: 'step',
    position: placed.positions.get(node.id) ?? { x: 0, y: 0 },
    width: NODE_WIDTH,
    height: NODE_HEIGHT,
    measured: { width: NODE_WIDTH, height: NODE_HEIGHT },
    selected: isSelected,
    data: { node, isSelected, isDim: marked !== undefined && !isMarked(node, marked) },
    ariaLabel: inertLine(
      `${KIND_WORDS[node.kind]} ${node.label}${node.count > 1 ? `, ${node.count} times` : ''}${state}${trigger}`,
    ),
  }
}

function isMarked(node: DrawnNode, marked: ReadonlySet<string>): boolean {
  return marked.has(node.id) || node.members.some((id) => marked.has(id))
}

type EdgeContext = {
  readonly index: number
  readonly graph: DrawnGraph
  readonly placed: Placed
  readonly marked: ReadonlySet<string> | undefined
}

function flowEdge(edge: DrawnEdge, { index, graph, placed, marked }: EdgeContext): Edge {
  const from = graph.nodes.find(({ id }) => id === edge.from)
  const to = graph.nodes.find(({ id }) => id === edge.to)
  const isDim =
    marked !== undefined && !(from !== undefined && to !== undefined && isMarked(from, marked) && isMarked(to, marked))
  const isMatch = marked !== undefined && !isDim
  return {
    id: String(index),
    source: edge.from,
    target: edge.to,
    type: 'join',
    data: { from: placed.positions.get(edge.from), to: placed.positions.get(edge.to) },
    className: `edge edge-${lineOf(edge.basis)} edge-${edge.kind} ${isDim ? 'edge-dim' : ''} ${isMatch ? 'edge-marked' : ''}`,
    markerEnd: {
      type: MarkerType.ArrowClosed,
      width: 14,
      height: 14,
      color: isMatch ? 'var(--accent)' : 'var(--line-strong)',
    },
    ...(edge.count > 1 ? { label: `×${edge.count}` } : {}),
    ariaLabel: inertLine(
      `${from?.label ?? edge.from} ${EDGE_WORDS[edge.kind]} ${to?.label ?? edge.to}: ${BASIS_WORDS[edge.basis]}`,
    ),
  }
}
