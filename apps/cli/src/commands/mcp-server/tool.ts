import { wordsAs } from '../../called-as.ts'
import type { McpServer } from '@modelcontextprotocol/server'
import type { z } from 'zod'
import { CliError } from '../../cli-error.ts'
import type { Api } from '../../server/api.ts'
import { captured } from './captured.ts'

/** One tool: what it takes and gives, and how it asks the server. It has no power that the caller's token lacks. */
export type Tool<In extends z.ZodObject = z.ZodObject, Out extends z.ZodObject = z.ZodObject> = {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly input: In
  readonly output: Out
  /** False for the one that leaves a plan behind; nothing here carries one out. */
  readonly isReadOnly: boolean
  readonly run: (api: Api, args: z.output<In>) => Promise<z.input<Out>>
}

/** Checks that a tool's parts fit each other. */
export function tool<In extends z.ZodObject, Out extends z.ZodObject>(one: Tool<In, Out>): Tool {
  // The table holds tools of all shapes; each is called with what its own input schema has parsed.
  return one as unknown as Tool
}

/** Offers the tool on a session whose caller the API speaks for. */
export function offer(server: McpServer, one: Tool, api: Api): void {
  server.registerTool(
    one.name,
    {
      title: one.title,
      description: one.description,
      inputSchema: one.input,
      outputSchema: one.output,
      annotations: {
        readOnlyHint: one.isReadOnly,
        destructiveHint: false,
        idempotentHint: one.isReadOnly,
        openWorldHint: false,
      },
    },
    async (args) => {
      try {
        const structuredContent = one.output.parse(await one.run(api, args))
        return { structuredContent, content: [{ type: 'text' as const, text: JSON.stringify(structuredContent) }] }
      } catch (fault) {
        // What the server refused is an answer that the assistant can act on; a fault of ours is one too, without its stack.
        return { isError: true, content: [{ type: 'text' as const, text: refusalText(fault) }] }
      }
    },
  )
}

/** Words of the server name what was asked for and what it might have meant: they are captured text as much as an answer is. */
function refusalText(fault: unknown): string {
  const refused = fault instanceof CliError ? fault.code : 'fault'
  const message = fault instanceof Error ? fault.message : String(fault)
  const remedy = fault instanceof CliError ? fault.remedy : undefined
  return JSON.stringify({
    refused,
    why: captured(remedy === undefined ? message : `${message}; ${wordsAs(remedy, undefined)}`),
  })
}
