/** Why nothing was recorded, in the words of the control room. */
const WORDS: Record<string, string> = {
  "camera-lost": "camera lost",
  "camera-refused": "the camera refused",
  "camera-too-much": "the camera sent too much",
  "disk-behind": "the disk was too slow",
  "disk-full": "the disk was full",
  "recorder-behind": "the recorder was overloaded or paused",
  "clock-step": "the server's clock was set",
  "node-stopped": "the recorder was stopped",
  "operator-stop": "stopped by an operator",
  maintenance: "maintenance",
  retention: "deleted at its date",
  damaged: "the file is damaged",
};

export const causeWords = (cause: string): string => WORDS[cause] ?? cause;
