// Raises one number in many files at once, for ever: workspace.test.ts kills it.
import { openListWorkspace } from '../../dist/list-workspace/workspace.js';

const [folder, size] = process.argv.slice(2);
const workspace = await openListWorkspace(folder);
const padding = 'x'.repeat(Number(size));
for (;;) {
  await workspace.transact(
    async (tree) => {
      const next = JSON.parse(new TextDecoder().decode(await tree.read('a.json'))).number + 1;
      const bytes = new TextEncoder().encode(JSON.stringify({ number: next, padding }));
      await tree.commit([
        ...['a.json', 'b/b.json', 'c/d/e.json'].map((path) => ({ path, bytes })),
        { path: `only/${next}`, bytes }, { path: `only/${next - 1}`, bytes: undefined },
      ]);
      process.send?.(next);
    },
    { waitMs: 60_000 },
  );
}
