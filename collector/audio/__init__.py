"""From the bytes that a stranger sent to a lossless master and its measurements.

    Unusable bytes                          UnusableAudio(problem, detail)
         ^                                          ^
    bytes -> containers (sniff) -> decode (ffmpeg in a sandbox) -> samples
    samples -> measure (levels) and master (16 kHz FLAC) -> cut (one second)

Pure: nothing here knows the database or HTTP. Samples are float32, full scale +-1,
of shape (num_samples, channels), until ``master`` makes them 16-bit mono.
"""
