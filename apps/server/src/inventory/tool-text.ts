import { hash } from 'node:crypto'
import { normalise } from '@holdfast/capture'
import type { Component, Content, Event } from '@holdfast/model'
import type { LogReader } from '@holdfast/recorder'

export type ToolText = {
  readonly state: 'captured' | 'not-at-hand'
  readonly description: string
  readonly parameters: string
  readonly entry: number
}

/** The text of a tool's definition, read from the log entry that proves it; not at hand where its key was destroyed. */
export function toolTextAt(reader: LogReader, tool: Component, entry: number): ToolText {
  const found = reader.entry(entry)
  const events = found === undefined ? [] : normalise(found).events
  const named = events.flatMap(({ body }) =>
    body.kind === 'tool-definition' && body.toolName === tool.name ? [body] : [],
  )
  const body = named.find((one) => digestOf(one) === tool.digest) ?? (named.length === 1 ? named[0] : undefined)
  if (body === undefined) return { state: 'not-at-hand', description: '', parameters: '', entry }
  return { state: 'captured', description: textOf(body.description), parameters: textOf(body.parameters), entry }
}

type Definition = Extract<Event['body'], { readonly kind: 'tool-definition' }>

/** As packages/declare makes it of a definition that the model was told. */
function digestOf({ toolName, description, parameters, definition }: Definition): string {
  return definition ?? hash('sha256', JSON.stringify([toolName, textOf(description), textOf(parameters)]), 'hex')
}

function textOf(content: Content): string {
  return 'text' in content ? content.text : ''
}
