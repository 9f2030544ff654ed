import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { AUDIT_VERDICTS } from '@holdfast/model'
import { api } from '../data/client.ts'
import { queries } from '../data/queries.ts'
import { Proof } from '../inventory/Proof.tsx'
import { paths } from '../paths.ts'
import { personWords } from '../text/person.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { plural } from '../ui/format.ts'
import { NotReadAgain, Unread } from '../ui/States.tsx'
import { auditLists, type AuditList, type AuditRow, type Verdict } from './audit-lists.ts'
import { DeedState } from './Deeds.tsx'
import { roleObstacle } from './may.ts'
import { useDeed } from './use-deed.ts'

/** Rows shown of one audit, open ones first; `holdfast incidents audit` lists all. */
const ROWS = 25

/** What is gone through after an incident, and what somebody said of each row. */
export function AuditPanel({ incident }: { readonly incident: string }) {
  const { data, error, refetch } = useQuery(queries.auditOf(incident))
  const about = { what: 'the audits', error, onRetry: () => void refetch() }
  if (data === undefined) return <Unread {...about} />
  const lists = auditLists(data)
  return (
    <>
      <NotReadAgain {...about} />
      {lists.length === 0 && <p className="text-soft">There is nothing to go through.</p>}
      {lists.map((list) => (
        <AuditPart key={list.audit} incident={incident} list={list} />
      ))}
    </>
  )
}

function AuditPart({ incident, list }: { readonly incident: string; readonly list: AuditList }) {
  const { data: session } = useQuery(queries.session())
  const deed = useDeed()
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [verdict, setVerdict] = useState<Verdict>('clear')
  const [reason, setReason] = useState('')
  const rows = list.rows.toSorted((a, b) => Number(b.isOpen) - Number(a.isOpen)).slice(0, ROWS)
  const obstacle =
    roleObstacle(session, 'analyst') ??
    (chosen.size === 0 ? 'choose rows' : reason.trim() === '' ? 'say why' : undefined)
  const mark = (): void =>
    deed.run(`${plural(chosen.size, 'row')} marked ${verdict}`, async () => {
      const body = { audit: list.audit, items: [...chosen], verdict, reason: reason.trim(), entries: [] }
      await api.call('markAudit', { params: { incident }, body })
      setChosen(new Set())
      setReason('')
    })
  return (
    <form
      aria-label={list.title}
      className="flex flex-col gap-1 border-t border-line pt-2"
      onSubmit={(event) => {
        event.preventDefault()
        if (obstacle === undefined) mark()
      }}
    >
      <h3 className="font-medium">
        {list.title}{' '}
        <span className={`badge ${list.open === 0 ? 'badge-good' : 'badge-warn'}`}>
          {list.open === 0 ? 'none open' : `${list.open} open`}
        </span>
      </h3>
      <ul>
        {rows.map((row) => (
          <Row
            key={row.key}
            row={row}
            isChosen={chosen.has(row.key)}
            onChoose={(isChosen) =>
              setChosen(new Set(isChosen ? [...chosen, row.key] : [...chosen].filter((key) => key !== row.key)))
            }
          />
        ))}
      </ul>
      {list.rows.length > rows.length && (
        <p className="text-faint">and {plural(list.rows.length - rows.length, 'row')} more</p>
      )}
      <div className="flex flex-wrap items-center gap-2">
        <label className="flex items-center gap-2">
          Verdict
          <select className="field" value={verdict} onChange={(event) => setVerdict(verdictOf(event.target.value))}>
            {AUDIT_VERDICTS.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </label>
        <label className="flex items-center gap-2">
          Reason
          <input
            className="field"
            value={reason}
            maxLength={1_000}
            onChange={(event) => setReason(event.target.value)}
          />
        </label>
        <button type="submit" className="button" disabled={obstacle !== undefined || deed.isBusy}>
          Mark
        </button>
        {obstacle !== undefined && <span className="text-soft">{obstacle}</span>}
        <DeedState deed={deed} />
      </div>
    </form>
  )
}

type RowProps = {
  readonly row: AuditRow
  readonly isChosen: boolean
  readonly onChoose: (isChosen: boolean) => void
}

function Row({ row: { name, words, entries, read, isOpen, mark }, isChosen, onChoose }: RowProps) {
  return (
    <li className="flex flex-wrap items-baseline gap-x-2 py-0.5">
      {/* On a phone the link of the row above may stand right over it. */}
      <label className="flex items-baseline gap-2 max-sm:min-h-8 max-sm:items-center">
        <input
          type="checkbox"
          className="max-sm:size-6"
          checked={isChosen}
          onChange={(event) => onChoose(event.target.checked)}
        />
        <Untrusted text={name} />
      </label>
      <span className="text-soft">
        <Untrusted text={words} />
      </span>
      <span className={isOpen ? 'text-warn' : 'text-good'}>
        {mark === undefined ? (
          isOpen ? (
            'open'
          ) : (
            'nothing to say'
          )
        ) : (
          <>
            {mark.verdict} by <Untrusted text={personWords(mark.by)} />
          </>
        )}
      </span>
      {read !== undefined && (
        <Link to={paths.source} search={read} className="link">
          who read it
        </Link>
      )}
      <Proof entries={entries.slice(0, 3)} />
    </li>
  )
}

function verdictOf(text: string): Verdict {
  return AUDIT_VERDICTS.find((one) => one === text) ?? 'clear'
}
