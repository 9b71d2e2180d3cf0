/** The live wall's island. */
import { dataOf } from "./lib/dom";
import type { WatchData } from "./lib/types";
import { Wall } from "./watch/wall";

for (const island of document.querySelectorAll<HTMLElement>("[data-island='watch']")) new Wall(island, dataOf<WatchData>(island));
