"""Mail that sendmail(1) hands in and cleanup(8) refuses: its sender gets a bounce."""

from tests.live.deliveries.session import part
from tests.live.delivery import Delivery, Mail, outcomes, via

DECLARED = "Subject: hello\nMIME-Version: 1.0\nContent-Type: text/plain\n\n"
RECEIVED = "Received: from x.example by y.example; Thu, 1 Jan 1970 00:00:00 +0000\n"


def handed_in(name: str, text: str, expected: str) -> Delivery:
    return Delivery(name, outcomes(expected), via("discard", "kept"), mail=Mail("sendmail", text))


DELIVERIES = (
    handed_in("too many hops", RECEIVED * 60 + "\nhello\n", "bounced 5.4.0 hop_limit_reached"),
    handed_in(
        "a header that is refused",
        "X-Order: REJECT not today\n\nhello\n",
        "bounced 5.7.1 content_rule_refuses",
    ),
    handed_in(
        "a header that is refused without words",
        "X-Order: REJECT\n\nhello\n",
        "bounced 5.7.1 content_rule_refuses_without_text",
    ),
    handed_in(
        "8 bit in a header",
        "Subject: gr\u00fc\u00dfe\n\nhello\n",
        "bounced 5.6.0 header_has_8bit_data",
    ),
    handed_in(
        "8 bit in a body", f"{DECLARED}gr\u00fc\u00dfe\n", "bounced 5.6.0 body_has_8bit_data"
    ),
    handed_in(
        "too many parts within parts",
        "MIME-Version: 1.0\n" + "".join(map(part, range(6))) + "\nhello\n",
        "bounced 5.6.0 mime_parts_nested_too_deep",
    ),
    handed_in(
        "an encoding of many parts",
        "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=a\n"
        "Content-Transfer-Encoding: base64\n\n--a\n\nhello\n--a--\n",
        "bounced 5.6.0 part_encoding_not_allowed",
    ),
    handed_in(
        "a message too large for cleanup",
        "Subject: large\n\n" + "many words\n" * 5000,
        "bounced 5.3.4 queue_file_too_large",
    ),
    handed_in(
        "a milter that talks nonsense",
        "X-Milter: garbage\n\nhello\n",
        "bounced 5.5.0 milter_missing_mail_refused",
    ),
    handed_in("a bell", "Subject: hello\n\n\a\n", "bounced 5.7.1 message_has_disallowed_character"),
    handed_in(
        "a milter rejects",
        "X-Milter: reject\n\nhello\n",
        "bounced 5.7.1 milter_refuses_without_text",
    ),
)
