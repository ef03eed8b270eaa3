/** The row of each list that the reader last opened, so that coming back finds it again. */
const visited = new Map<string, string>();

export function remember(list: string, row: string): void {
  visited.set(list, row);
}

export function visitedIn(list: string): string | undefined {
  return visited.get(list);
}
