/** What the API says, as it says it. Field names are the wire's. */

export type PromptKind = "keyword" | "sentence" | "noise";

export interface Prompt {
  id: string;
  kind: PromptKind;
  text: string;
}

/** A prompt on offer; `seconds` says how long a noise take lasts. */
export interface OfferedPrompt extends Prompt {
  seconds: number | null;
}

export interface ConsentText {
  version: number;
  language: string;
  body: string;
  sha256: string;
}

export interface Progress {
  clips: number;
  accepted: number;
  speakers: number;
  goal: number;
}

export interface Campaign {
  slug: string;
  name: string;
  description: string;
  language: string;
  consent: ConsentText;
  consented: boolean;
  progress: Progress;
}

export interface Consent {
  id: string;
  given_at: string;
  recovery_phrase: string | null;
}

export type ClipState =
  | "received"
  | "processing"
  | "scoring"
  | "in_review"
  | "accepted"
  | "rejected"
  | "released"
  | "unusable"
  | "withdrawn"
  | "erased";

/** The machine's opinion: `match` (0 to 1) of what it heard with the prompt. */
export interface PreScore {
  match: number | null;
  heard: string;
  model: string;
}

export interface Measurements {
  duration_s: number;
  peak_dbfs: number | null;
  loudness_lufs: number | null;
  snr_db: number | null;
}

export interface Clip {
  id: string;
  campaign: string;
  prompt: Prompt | null;
  state: ClipState;
  state_label: string;
  problem: string | null;
  pre_score: PreScore | null;
  measurements: Measurements | null;
  uploaded_at: string;
  releases: string[];
  withdrawable: boolean;
}

export interface Page<T> {
  count: number;
  next: string | null;
  previous: string | null;
  results: T[];
}

export type CapturePath = "track-processor" | "audio-worklet" | "media-recorder";

/** The header Choir-Capture: how the take came to be. */
export interface Capture {
  path: CapturePath;
  sampling_rate_hz: number;
  channels: number;
  /** The three processings as the device reports them; null where it does not say. */
  echo_cancellation: boolean | null;
  noise_suppression: boolean | null;
  auto_gain_control: boolean | null;
  lossy: boolean;
  gaps: number;
  encoder: "libflacjs" | "wav" | "browser";
}

export type Verdict = "accept" | "reject" | "unsure";

export interface ReviewCase {
  id: string;
  lease_until: string;
  votes: number;
  clip: { id: string; audio_url: string; duration_s: number; prompt: Prompt | null };
  pre_score: PreScore | null;
}

export interface Release {
  id: string;
  campaign: string;
  version: number;
  revision: number;
  status: string;
  frozen_at: string;
  clips: number;
}
