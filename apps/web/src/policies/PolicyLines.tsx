import type { PolicyArtifactWire } from '@holdfast/api'
import { useState } from 'react'
import { Proof } from '../inventory/Proof.tsx'
import { POLICY_LINES } from '../limits.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Table } from '../ui/Table.tsx'
import { LineGrounds } from './LineGrounds.tsx'

type Line = PolicyArtifactWire['lines'][number]

const EFFECTS: Readonly<Record<Line['effect'], string>> = {
  allow: 'badge-good',
  deny: 'badge-bad',
  remove: 'badge-warn',
}

/** Every line with its reason; one opens to what it rests on. */
export function PolicyLines({
  policy,
  line,
}: {
  readonly policy: PolicyArtifactWire
  readonly line: string | undefined
}) {
  const [open, setOpen] = useState(line)
  const [shown, setShown] = useState(POLICY_LINES)
  const found = line === undefined ? -1 : policy.lines.findIndex(({ pointer }) => pointer === line)
  const most = Math.max(shown, found + 1)
  return (
    <div className="overflow-x-auto">
      <Table className="panel min-w-[36rem]" label="Lines" columns={['Effect', 'What', 'Because', 'Rests on']}>
        {policy.lines.slice(0, most).map((one) => (
          <LineRow
            key={`${one.pointer} ${one.what}`}
            artifact={policy.id}
            line={one}
            isOpen={open === one.pointer}
            onToggle={() => setOpen(open === one.pointer ? undefined : one.pointer)}
          />
        ))}
      </Table>
      {policy.lines.length > most && (
        <button type="button" className="button m-3" onClick={() => setShown(most + POLICY_LINES)}>
          Show {Math.min(POLICY_LINES, policy.lines.length - most)} more of {policy.lines.length - most}
        </button>
      )}
    </div>
  )
}

type RowProps = {
  readonly artifact: string
  readonly line: Line
  readonly isOpen: boolean
  readonly onToggle: () => void
}

function LineRow({ artifact, line, isOpen, onToggle }: RowProps) {
  const { effect, what, because, reason, grounds, declaredBy, pointer } = line
  const seen = grounds.reduce((sum, { count }) => sum + count, 0)
  return (
    <>
      <tr>
        <td className="px-3 py-1.5 align-top">
          <span className={`badge ${EFFECTS[effect]}`}>{effect}</span>
        </td>
        <td className="max-w-96 px-3 py-1.5 align-top">
          <Untrusted text={what} className="mono [overflow-wrap:anywhere]" />
        </td>
        <td className="max-w-96 px-3 py-1.5 align-top">
          {because} <span className="text-soft">{reason}</span>
          {declaredBy !== undefined && <Proof entries={[declaredBy]} />}
        </td>
        <td className="px-3 py-1.5 align-top whitespace-nowrap">
          {grounds.length === 0 ? (
            <span className="text-faint">no observation</span>
          ) : (
            <button type="button" className="button" aria-expanded={isOpen} onClick={onToggle}>
              {seen} seen
            </button>
          )}
        </td>
      </tr>
      {isOpen && grounds.length > 0 && (
        <tr>
          <td colSpan={4} className="px-3 py-2">
            <LineGrounds artifact={artifact} pointer={pointer} />
          </td>
        </tr>
      )}
    </>
  )
}
