"""From the bytes that a stranger sent to a lossless master and its measurements.

    Unusable bytes                          UnusableAudio(problem, detail)
         ^                                          ^
    bytes -> containers (sniff) -> decode (ffmpeg in a sandbox) -> samples
    samples -> examine: measure (levels), master (16 kHz FLAC), speech, loudness, spectrum
    master -> cut (one second); preview, peaks, spectrogram (for people)

Pure: nothing here knows the database or HTTP. Samples are float32, full scale +-1,
of shape (num_samples, channels), until ``master`` makes them 16-bit mono.
"""
