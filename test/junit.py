"""XML on stdin as JSON on stdout, by Python's own parser: name, attributes, children and text of each element."""
import json
import sys
import xml.etree.ElementTree as tree


def shown(element):
    return {'name': element.tag, 'attributes': element.attrib, 'children': [shown(c) for c in element], 'text': element.text or ''}


json.dump(shown(tree.fromstring(sys.stdin.buffer.read())), sys.stdout)
