import type { DiagnosticQuestionWire } from '@holdfast/api'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { download } from '../data/client.ts'
import { exportFault } from '../data/export-fault.ts'
import { queries } from '../data/queries.ts'
import { roleObstacle } from '../response/may.ts'

type PackProps = {
  readonly about: { readonly agent: string; readonly at: string }
  readonly question?: DiagnosticQuestionWire['id']
  readonly label: string
}

/** Saves the answers with the log entries that they rest on. */
export function PackButton({ about, question, label }: PackProps) {
  const [state, setState] = useState<'idle' | 'working' | 'done' | 'failed'>('idle')
  const [why, setWhy] = useState('')
  const obstacle = roleObstacle(useQuery(queries.session()).data, 'analyst')
  const save = async (): Promise<void> => {
    setState('working')
    try {
      const fileName = `diagnostic-${(question ?? 'all').toLowerCase()}.zip`
      await download('exportDiagnostic', {
        query: { ...about, ...(question === undefined ? {} : { question }) },
        fileName,
      })
      setState('done')
    } catch (error) {
      setWhy(exportFault(error))
      setState('failed')
    }
  }
  return (
    <span className="inline-flex items-center gap-2">
      <button
        type="button"
        className="button"
        disabled={state === 'working' || obstacle !== undefined}
        title={
          obstacle ??
          (state === 'working' ? 'the pack is being made' : 'verifies without a server: holdfast evidence verify PATH')
        }
        onClick={() => void save()}
      >
        {state === 'working' ? 'Making the pack …' : label}
      </button>
      <output className={state === 'failed' ? 'text-bad' : 'sr-only'}>
        {state === 'done' ? 'pack saved' : state === 'failed' ? why : ''}
      </output>
    </span>
  )
}
