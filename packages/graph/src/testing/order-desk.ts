import * as s from './story.ts'

/** One agent, one tool behind an MCP client, one question: the smallest whole loop. */
export function orderDesk(): s.Story {
  const [system, user] = [s.text('You are the order desk.'), s.text('Where is order 4711?')]
  const args = s.text('{"order_id":"4711"}')
  const result = s.text('{"status":"shipped","carrier":"DHL"}')
  return new s.Story()
    .tell({ trace: 1, span: 1 }, { invoke: s.invocation('order-desk') })
    .tell(
      { trace: 1, span: 2, parent: 1 },
      {
        call: s.modelCall(2),
        'in.0': s.prompt('system', 0, system),
        'in.1': s.prompt('user', 1, user),
        'out.0': s.request(0, 'lookup_order', args, 'call_1'),
      },
    )
    .tell(
      { trace: 1, span: 3, parent: 1 },
      {
        'tool.call': s.toolCall('lookup_order', args, 'call_1'),
        'tool.result': s.toolResult('lookup_order', result, 'call_1'),
      },
    )
    .tell(
      { trace: 1, span: 4, parent: 3 },
      {
        'tool.call': s.toolCall('lookup_order', args, undefined, 'orders'),
        'tool.result': s.toolResult('lookup_order', result),
      },
    )
    .tell(
      { trace: 1, span: 5, parent: 1 },
      {
        call: s.modelCall(4),
        'in.0': s.prompt('system', 0, system),
        'in.1': s.prompt('user', 1, user),
        'in.2': s.prompt('assistant', 2, s.text('')),
        'in.3': s.prompt('tool', 3, result, 'call_1'),
        'out.0': s.output(0, s.text('It was shipped with DHL.')),
      },
    )
}
