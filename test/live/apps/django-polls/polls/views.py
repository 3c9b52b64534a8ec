from django.http import JsonResponse

from polls.models import Question


def health(request):
    return JsonResponse({"status": "ok", "questions": Question.objects.count()})


def questions(request):
    return JsonResponse({"questions": [question.text for question in Question.objects.all()]})
