/** The wall's place in the address: `?layout=4&tiles=127,128,,129&selected=2` (tiles counted from 1). */
export const LAYOUTS = [1, 4, 9] as const;
export type Layout = (typeof LAYOUTS)[number];
export interface WallPlace { layout: Layout; tiles: string[]; selected: number }

export function readPlace(query: string, usual: string[]): WallPlace {
  const words = new URLSearchParams(query);
  const asked = Number(words.get("layout"));
  const given = words.get("tiles");
  const tiles = given === null ? usual : given.split(",").map((word) => word.trim());
  const layout: Layout = asked === 1 || asked === 4 || asked === 9 ? asked : tiles.length <= 1 ? 1 : tiles.length <= 4 ? 4 : 9;
  const selected = Math.min(Math.max(Math.trunc(Number(words.get("selected")) || 1), 1), layout) - 1;
  return { layout, tiles: Array.from({ length: 9 }, (_, index) => tiles[index] ?? ""), selected };
}

export function writePlace(place: WallPlace): string {
  const tiles = place.tiles.slice(0, place.layout);
  while (tiles.length && !tiles[tiles.length - 1]) tiles.pop();
  return `?layout=${place.layout}&tiles=${tiles.map(encodeURIComponent).join(",")}&selected=${place.selected + 1}`;
}

/** Where an arrow leads from a tile of a square wall; off the edge it stays. */
export function step(selected: number, layout: Layout, key: string): number {
  const side = Math.sqrt(layout);
  const [row, column] = [Math.floor(selected / side), selected % side];
  const [down, right] = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[key] ?? [0, 0];
  const clamp = (value: number): number => Math.min(Math.max(value, 0), side - 1);
  return clamp(row + down!) * side + clamp(column + right!);
}
