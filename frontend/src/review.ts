/** The review's island. */
import { dataOf } from "./lib/dom";
import type { ReviewData } from "./lib/types";
import { Review } from "./review/instrument";

for (const island of document.querySelectorAll<HTMLElement>("[data-island='review']")) new Review(island, dataOf<ReviewData>(island));
