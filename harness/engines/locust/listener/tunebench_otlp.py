"""
OTLP's metrics message as bytes (opentelemetry-proto v1, metrics/v1/metrics.proto): sums and exponential histograms of delta temporality, and
gauges. Field numbers are those of harness/engines/windows/otlp-schema.ts, which reads it.
"""

import struct

DELTA = 1
VARINT, FIXED64, BYTES = 0, 1, 2


def export_request(begin, end, sums, times, gauges, scale):
    """Times are seconds since 1970; sums and gauges numbers, times as tunebench_counts.Window has them, in ms."""
    stamps = fixed(2, begin) + fixed(3, end)
    points = {}
    for (metric, attributes), value in sums.items():
        points.setdefault(metric, []).append(number_point(stamps, attributes, value))
    metrics = [metric_of(name, "", 7, list_of(own) + delta()) for name, own in points.items()]
    distributions = {}
    for (metric, attributes), values in times.items():
        distributions.setdefault(metric, []).append(histogram_point(stamps, attributes, values, scale))
    metrics += [metric_of(name, "ms", 10, list_of(own) + delta()) for name, own in distributions.items()]
    metrics += [metric_of(name, "", 5, list_of([number_point(stamps, (), value)])) for name, value in gauges.items()]
    return message(1, message(2, b"".join(message(2, metric) for metric in metrics)))


def metric_of(name, unit, field, data):
    return text(1, name) + (text(3, unit) if unit else b"") + message(field, data)


def list_of(points):
    return b"".join(message(1, point) for point in points)


def delta():
    return tag(2, VARINT) + varint(DELTA)


def number_point(stamps, attributes, value):
    return stamps + double(4, value) + b"".join(message(7, attribute(*pair)) for pair in attributes)


def histogram_point(stamps, attributes, values, scale):
    count, total, least, most, zeros, buckets = values
    first = min(buckets, default=0)
    counts = [buckets.get(bucket, 0) for bucket in range(first, max(buckets, default=-1) + 1)]
    positive = tag(1, VARINT) + varint(zigzag(first)) + message(2, b"".join(map(varint, counts)))
    return (
        b"".join(message(1, attribute(*pair)) for pair in attributes)
        + stamps
        + whole(4, count)
        + double(5, total)
        + tag(6, VARINT)
        + varint(zigzag(scale))
        + whole(7, zeros)
        + message(8, positive)
        + double(12, least)
        + double(13, most)
    )


def attribute(key, value):
    return text(1, key) + message(2, text(1, value))


def tag(field, kind):
    return varint(field << 3 | kind)


def varint(number):
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def zigzag(number):
    return number * 2 if number >= 0 else -number * 2 - 1


def message(field, content):
    return tag(field, BYTES) + varint(len(content)) + content


def text(field, content):
    return message(field, str(content).encode())


def fixed(field, seconds):
    return whole(field, int(seconds * 1e9))


def whole(field, number):
    return tag(field, FIXED64) + struct.pack("<Q", number)


def double(field, number):
    return tag(field, FIXED64) + struct.pack("<d", number)
